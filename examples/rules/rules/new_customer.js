// A large order in a customer's first two months. "placed" is a Date here, because
// it is a time.Time in Go; "since" is the text of the record.
({
    title: "large first orders",
    check(order) {
        const days = (order.placed - new Date(order.customer.since)) / 86_400_000;
        if (days < 60 && order.total > 500) return `${order.total} after ${Math.floor(days)} days`;
    },
})
