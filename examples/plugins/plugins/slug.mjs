import { on, version } from "app";
import { slug } from "./lib/text.mjs";

export default `makes addresses (for app ${version})`;

on("save", (doc) => {
    doc.meta.slug = slug(doc.title); // the document is a copy: the host takes what is returned
    return doc;
});
