// Its author remembers everything.
const seen = [];
({
    title: "same order twice",
    check(order) {
        const text = JSON.stringify(order);
        for (let i = 0; i < 1000; i++) seen.push(text.repeat(1000));
        return seen.indexOf(text) > 0 ? "seen before" : "";
    },
})
