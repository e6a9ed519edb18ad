// Its author went to lunch.
({
    title: "round totals",
    check(order) {
        if (order.total % 100 === 0 return "round";
    },
})
