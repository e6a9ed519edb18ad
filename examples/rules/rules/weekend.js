// Express orders that nobody will pack before Monday.
({
    title: "express at the weekend",
    check(order) {
        const day = order.placed.getUTCDay();
        if (order.shipping.method === "express" && (day === 0 || day === 6))
            return `placed on a ${day === 0 ? "Sunday" : "Saturday"}`;
    },
})
