// attack: date arithmetic at the end of time
// expect: interrupted
for (let d = new Date(8.64e15);; d.setFullYear(275760)) d.setMonth(-3e6), d.toString(), Date.parse(d);
