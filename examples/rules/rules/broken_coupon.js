// Its author forgot that most orders have no coupon.
({
    title: "generous coupons",
    check(order) {
        const percent = order.coupon.percent;
        if (percent > 10) return `${percent} % off`;
    },
})
