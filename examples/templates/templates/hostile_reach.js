// Looks for a way out: there is nothing but the language, the data and the tag.
(() => {
    const outside = ["require", "process", "std", "os", "fetch", "Deno", "WebAssembly"];
    const found = outside.filter(name => name in globalThis);
    const viaGo = escapeHTML.constructor("return typeof require")();
    return html`<p>found: ${found.join(", ") || "nothing"}, through the Go function: ${viaGo}</p>`;
})
