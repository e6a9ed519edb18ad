// The total must be what the items and the coupon say.
({
    title: "total is wrong",
    check(order) {
        const sum = order.items.reduce((sum, item) => sum + item.price * item.quantity, 0);
        const due = sum * (1 - (order.coupon?.percent ?? 0) / 100);
        if (Math.abs(due - order.total) > 0.01) return `${order.total} instead of ${due.toFixed(2)}`;
    },
})
