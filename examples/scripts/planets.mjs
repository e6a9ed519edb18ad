// qjswasm run examples/scripts/planets.mjs
//
// Imports a module and JSON from its own folder, which a script may read.
import planets from "./data/planets.json" with { type: "json" };
import { thousands } from "./lib/format.mjs";

const byMoons = planets.toSorted((a, b) => b.moons - a.moons);
for (const { name, moons, diameter } of byMoons) {
    console.log(`${name.padEnd(8)}${String(moons).padStart(4)} moons ${thousands(diameter).padStart(8)} km`);
}
console.log(Object.groupBy(planets, (p) => (p.diameter > 40_000 ? "large" : "small")).large.length, "of them are large");
