(({ Customer, Number, Due }) => {
    const late = Math.round((Date.UTC(2025, 11, 15) - Due) / 86_400_000);
    return html`<p>Dear ${Customer}, invoice ${Number} is ${late} days late.</p>`;
})
