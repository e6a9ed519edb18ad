//go:build !fastschema

package bench

import "github.com/qjswasm/qjswasm"

func (e qjswasmEngine) live(x any) (*qjswasm.Value, error) { return e.rt.NewValue(qjswasm.Live(x)) }
