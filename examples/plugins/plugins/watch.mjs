import { on } from "app";

on("keypress", (key) => key);
