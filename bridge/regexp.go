package bridge

import "github.com/qjswasm/qjswasm/internal/abi"

// RegExp is a JS RegExp by value. Source is what its source property says: the
// pattern as it is written between slashes.
type RegExp struct {
	Source, Flags string
}

// regExp reads a RegExp whose tag was read.
func (d *Decoder) regExp() (RegExp, error) {
	source, err := d.string()
	if err != nil {
		return RegExp{}, err
	}
	flags, err := d.string()
	return RegExp{source, flags}, err
}

func (e *Encoder) regExp(x RegExp, id identity) error {
	if done, err := e.begin(abi.TapeRegExp, id); done || err != nil {
		return err
	}
	e.string(x.Source)
	e.string(x.Flags)
	e.end()
	return nil
}
