export const words = (text) => text.split(/\s+/).filter(Boolean);
export const slug = (text) => words(text.toLowerCase().replace(/[^a-z0-9\s]/g, "")).join("-");
