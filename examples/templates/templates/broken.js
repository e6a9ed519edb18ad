(({ Lines }) => html`<p>${Lines[2].Text}</p>`)
