// What Intl would do elsewhere.
export const thousands = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
