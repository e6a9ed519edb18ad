// Wants more than there is.
import { request } from "node:https";

export default "uploads everything";
