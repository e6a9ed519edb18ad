package bench

// Functions in JS that the workloads use, the same for every engine. The read
// functions touch every value, as a script would that uses what it was given.
const (
	readRecords = `(rs => {
		let sum = 0
		for (let i = 0; i < rs.length; i++) {
			const r = rs[i]
			sum += r.id + r.name.length + r.email.length + r.score + r.level + (r.active ? 1 : 0)
			const tags = r.tags
			for (let j = 0; j < tags.length; j++) sum += tags[j].length
			const a = r.address
			sum += a.street.length + a.city.length + a.zip
		}
		return sum
	})`
	readTree = `(root => {
		let sum = 0
		const todo = [root]
		while (todo.length) {
			const n = todo.pop(), left = n.left, right = n.right
			sum += n.value
			if (left) todo.push(left)
			if (right) todo.push(right)
		}
		return sum
	})`
	readBytes = `(b => {
		if (b instanceof ArrayBuffer) b = new Uint8Array(b)
		return b.length * 1e6 + b[0] * 1e3 + b[b.length - 1]
	})`
	readString = `(s => s.length * 1e3 + s.charCodeAt(s.length - 1))`

	// With the keys listed, properties that an engine adds do not count.
	recordsJSON = `(rs => JSON.stringify(rs, ['id', 'name', 'email', 'score', 'level', 'active', 'tags', 'address', 'street', 'city', 'zip']))`
	treeJSON    = `(n => JSON.stringify(n, ['value', 'left', 'right']))`

	makeBytes = `(n => {
		const b = new Uint8Array(n)
		for (let i = 0; i < n; i++) b[i] = i * 7
		return b
	})`

	callNumbers = `((f, n) => { n |= 0; let x; for (let i = 0; i < n; i++) x = f(i, 0.5); return x })`
	callString  = `((f, n) => { n |= 0; let x; for (let i = 0; i < n; i++) x = f('short'); return x })`
)
