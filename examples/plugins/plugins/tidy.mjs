import { on } from "app";

export default "tidies white space";

on("save", ({ body, ...rest }) => ({ ...rest, body: body.replace(/ +/g, " ").trim() }));
