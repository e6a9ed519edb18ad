package qjswasm_test

import (
	"context"
	"fmt"
	"iter"
	"log"

	"github.com/qjswasm/qjswasm"
)

// Account is what a script works on in the example of Live.
type Account struct {
	Owner   string            `js:"owner"`
	Balance float64           `js:"balance,readonly"`
	Labels  map[string]string `js:"labels"`
	History []string          `js:"history"`
	Key     string            `js:"-"`
}

// Deposit is deposit in scripts.
func (a *Account) Deposit(amount float64) error {
	if amount <= 0 {
		return fmt.Errorf("cannot deposit %v", amount)
	}
	a.Balance += amount
	a.History = append(a.History, fmt.Sprint("deposit ", amount))
	return nil
}

func ExampleLive() {
	rt := exampleRuntime()
	defer rt.Close()
	account := &Account{Owner: "Ann", Key: "secret"}
	if err := rt.Set("account", qjswasm.Live(account)); err != nil {
		log.Fatal(err)
	}
	v, err := rt.Eval(context.Background(), `
		account.owner += " Lee"
		account.deposit(40)
		account.deposit(2)
		account.labels.colour = "green"
		account.history.push("reviewed")
		try { account.deposit(-1) } catch (e) { account.labels.error = e.message }
		JSON.stringify(account)`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(v)
	fmt.Println(account.Owner, account.Balance, account.Labels["error"])
	// Output:
	// {"owner":"Ann Lee","balance":42,"labels":{"colour":"green","error":"cannot deposit -1"},"history":["deposit 40","deposit 2","reviewed"]}
	// Ann Lee 42 cannot deposit -1
}

func ExampleLive_identity() {
	rt := exampleRuntime()
	defer rt.Close()
	account := &Account{Owner: "Ann"}
	if err := rt.Set("account", qjswasm.Live(account)); err != nil {
		log.Fatal(err)
	}
	// The Go value itself comes back, alone, in a graph, or as an argument.
	back, err := qjswasm.Eval[*Account](context.Background(), rt, "account")
	if err != nil {
		log.Fatal(err)
	}
	err = rt.Set("audit", func(a *Account) bool { return a == account })
	if err != nil {
		log.Fatal(err)
	}
	same, err := qjswasm.Eval[bool](context.Background(), rt, "audit(account) && account instanceof account.constructor")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(back == account, same)
	// Output: true true
}

func ExampleLive_slice() {
	rt := exampleRuntime()
	defer rt.Close()
	scores := []int{3, 1, 2}
	if err := rt.Set("scores", qjswasm.Live(&scores)); err != nil { // a pointer, so that it can grow
		log.Fatal(err)
	}
	sum, err := qjswasm.Eval[int](context.Background(), rt, `
		scores.push(4)
		scores.sort((a, b) => b - a)
		scores.reduce((a, b) => a + b)`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(scores, sum)
	// Output: [4 3 2 1] 10
}

// Ward is what a script iterates over in the example of Live.
type Ward struct {
	patients map[string]*Patient
	order    []string
}

// Patient is in a Ward.
type Patient struct {
	Beds   int  `js:"beds"`
	Urgent bool `js:"urgent"`
}

// All is the iteration of a Ward in scripts.
func (w *Ward) All() iter.Seq2[string, *Patient] {
	return func(yield func(string, *Patient) bool) {
		for _, name := range w.order {
			if !yield(name, w.patients[name]) {
				return
			}
		}
	}
}

func ExampleLive_iterate() {
	rt := exampleRuntime()
	defer rt.Close()
	ward := &Ward{
		patients: map[string]*Patient{"Ann": {Beds: 1}, "Bob": {Beds: 3}},
		order:    []string{"Bob", "Ann"},
	}
	if err := rt.Set("ward", qjswasm.Live(ward)); err != nil {
		log.Fatal(err)
	}
	names, err := qjswasm.Eval[[]string](context.Background(), rt, `
		for (const [name, patient] of ward) patient.urgent = patient.beds > 2
		Array.from(ward, ([name, patient]) => name)`)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(names, ward.patients["Bob"].Urgent, ward.patients["Ann"].Urgent)
	// Output: [Bob Ann] true false
}
