package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Record has eight fields of mixed types.
type Record struct {
	ID      int      `json:"id"`
	Name    string   `json:"name"`
	Email   string   `json:"email"`
	Score   float64  `json:"score"`
	Level   int32    `json:"level"`
	Active  bool     `json:"active"`
	Tags    []string `json:"tags"`
	Address Address  `json:"address"`
}

// Address is the field of a Record that is an object.
type Address struct {
	Street string `json:"street"`
	City   string `json:"city"`
	Zip    int    `json:"zip"`
}

func records(n int) []Record {
	rs := make([]Record, n)
	for i := range rs {
		rs[i] = Record{
			ID:      i,
			Name:    fmt.Sprintf("Customer %d", i),
			Email:   fmt.Sprintf("customer%d@example.com", i),
			Score:   float64(i) + 0.25,
			Level:   int32(i % 7),
			Active:  i%3 == 0,
			Tags:    []string{"new", "retail", fmt.Sprintf("group %d", i%10)},
			Address: Address{Street: fmt.Sprintf("%d High Street", i%200), City: "Springfield", Zip: 10_000 + i%1000},
		}
	}
	return rs
}

// Node is one of a binary tree.
type Node struct {
	Value int   `json:"value"`
	Left  *Node `json:"left"`
	Right *Node `json:"right"`
}

// tree returns 10,000 nodes, 1,009 deep: a spine of left nodes with nine nodes on
// the right of each.
func tree() *Node {
	var root *Node
	for i := range 1000 {
		root = &Node{Value: i, Left: root}
		for n, j := root, 0; j < 9; n, j = n.Right, j+1 {
			n.Right = &Node{Value: i + j}
		}
	}
	return root
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	return b
}

func text(n int) string {
	return strings.Repeat("The quick brown fox jumps over the lazy dog 0123456789 ", n/55+1)[:n]
}

// marshal writes JSON as JSON.stringify does.
func marshal(x any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(x)
	return strings.TrimSuffix(b.String(), "\n"), err
}
