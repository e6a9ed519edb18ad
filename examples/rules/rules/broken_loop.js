// Its author forgot to count.
({
    title: "many items",
    check(order) {
        let i = 0, pieces = 0;
        while (i < order.items.length) pieces += order.items[i].quantity;
        if (pieces > 10) return `${pieces} pieces`;
    },
})
