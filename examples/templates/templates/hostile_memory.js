// A page that doubles.
(() => {
    const pages = [];
    for (;;) pages.push("<p>more</p>".repeat(100_000));
})
