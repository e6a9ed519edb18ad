// A card from another country than the goods go to, on an order worth the fraud.
({
    title: "card from elsewhere",
    check(order) {
        const { method, card_country } = order.payment;
        if (method === "card" && order.total > 300 && card_country !== order.shipping.country)
            return `card from ${card_country}, goods to ${order.shipping.country}`;
    },
})
