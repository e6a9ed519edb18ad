(({ Number, Customer, Due, Lines }) => html`
<h1>Invoice ${Number}</h1>
<p>To ${Customer}, due ${Due.toISOString().slice(0, 10)}</p>
<table>${Lines.map(l => html`
  <tr><td>${l.Quantity}</td><td>${l.Text}</td><td>${(l.Quantity * l.Price).toFixed(2)}</td></tr>`)}
</table>
<p>Total ${Lines.reduce((sum, l) => sum + l.Quantity * l.Price, 0).toFixed(2)}</p>
`)
