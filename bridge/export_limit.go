package bridge

import (
	"errors"
	"fmt"

	"github.com/qjswasm/qjswasm/internal/abi"
)

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
