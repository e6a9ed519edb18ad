// Its author remembers everything.
const seen = [];
({
    title: "same order twice",
    check(order) {
        for (let i = 0; i < 1e6; i++) seen.push({ ...order });
        return seen.includes(order) ? "seen before" : "";
    },
})
