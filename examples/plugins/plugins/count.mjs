import { on, log } from "app";
import { words } from "./lib/text.mjs";

export default "counts words";

on("save", (doc) => {
    const n = words(doc.body).length;
    log(`"${doc.title}" has ${n} words`);
    return { ...doc, meta: { ...doc.meta, words: String(n) } };
});
