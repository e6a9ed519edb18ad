// Quantities that look like a reseller.
({
    title: "bulk",
    check: ({ items }) => items
        .filter(item => item.quantity >= 20)
        .map(item => `${item.quantity} of ${item.sku}`)
        .join(", "),
})
