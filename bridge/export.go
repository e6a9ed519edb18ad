package bridge

import (
	"errors"
	"fmt"
	"math"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// ExportOptions say how a value is exported. The zero value runs no code of the
// script and has no limits but those of the runtime.
type ExportOptions struct {
	// Getters runs the getters of own enumerable accessors, whose results are
	// properties then. Without it accessors are left out.
	Getters bool
	// ToJSON replaces each object that has a toJSON method by what that returns, as
	// JSON.stringify does, except that a Date stays one: its own method, that of
	// Date.prototype, is not called. A method that is behind a getter or a Proxy
	// needs Getters and Proxies, too.
	ToJSON bool
	// Proxies exports a Proxy as the array or object that its traps describe,
	// unless it can be called. Without it a Proxy is a *Value.
	Proxies bool

	// Holes makes the missing elements of arrays Hole in a []any, where they are
	// nil without it.
	Holes bool

	// MaxDepth is how many objects may be inside one another, MaxNodes how many
	// there may be in all, each counted once, and MaxBytes how many bytes they may
	// be on their way: what strings and buffers take in the guest, and 1 to 20 for
	// each other value. Zero is no limit.
	MaxDepth, MaxNodes, MaxBytes int
}

// params are those of host.ValueExport.
func (o *ExportOptions) params() [4]uint64 {
	var flags uint64
	if o.Getters {
		flags |= abi.ExportGetters
	}
	if o.ToJSON {
		flags |= abi.ExportToJSON
	}
	if o.Proxies {
		flags |= abi.ExportProxies
	}
	return [4]uint64{flags, atMost(o.MaxDepth), atMost(o.MaxNodes), atMost(o.MaxBytes)}
}

// atMost is a limit as the guest knows it.
func atMost(n int) uint64 {
	if n <= 0 || uint64(n) > math.MaxUint32 {
		return 0
	}
	return uint64(n)
}

// ErrExportLimit is why a value was not exported: it goes beyond a limit of the
// export. The ConvertError says where.
var ErrExportLimit = errors.New("it is too large to export")

// limitErrors say which limit it was, by abi.Limit.
var limitErrors = [...]error{
	abi.LimitDepth: fmt.Errorf("%w: objects are nested deeper than MaxDepth", ErrExportLimit),
	abi.LimitNodes: fmt.Errorf("%w: more objects than MaxNodes", ErrExportLimit),
	abi.LimitBytes: fmt.Errorf("%w: more bytes than MaxBytes", ErrExportLimit),
	abi.LimitHoles: fmt.Errorf("%w: an array with too many holes", ErrExportLimit),
}

// limit reads what the guest wrote instead of a value that exceeds a limit.
func (d *Decoder) limit() error {
	d.pos++
	which, err := d.tag()
	if err != nil || int(which) >= len(limitErrors) {
		return errTape
	}
	steps, err := d.count(5)
	if err != nil {
		return err
	}
	exceeded := unconvertible("JS value", "Go value", limitErrors[which])
	for range steps {
		p, err := d.primitive()
		switch {
		case err != nil:
			return err
		case p.tag == abi.TapeUTF8:
			exceeded = at(exceeded, field(p.text.String()))
		case p.tag == abi.TapeFloat && p.num >= 0 && p.num < 1<<32:
			exceeded = at(exceeded, index(int(p.num)))
		default:
			return errTape
		}
	}
	return exceeded
}
