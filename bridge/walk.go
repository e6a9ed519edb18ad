package bridge

import (
	"github.com/qjswasm/qjswasm/gc"
	"github.com/qjswasm/qjswasm/internal/abi"
)

// visitor is told of a root on the tape, and where it is.
type visitor func(root gc.Root, pos int)

// skip passes over one record.
func (d *Decoder) skip() error {
	if !isContainer(d.peek()) {
		return d.walk(d.pass)
	}
	c := d.note()
	if d.refs[c].end != 0 {
		d.pos, d.next = d.refs[c].end, d.refs[c].after
		return nil
	}
	err := d.walk(d.pass)
	d.finish(c)
	return err
}

func (d *Decoder) pass(gc.Root, int) { d.skipped = true }

// walk passes over one record without recursion.
func (d *Decoder) walk(found visitor) error {
	for left := 1; left > 0; left-- {
		if err := d.charge(1); err != nil {
			return err
		}
		if err := d.spend(0); err != nil { // for the containers that were noted
			return err
		}
		n, err := d.walkOne(found)
		if err != nil {
			return err
		}
		left += n
	}
	return nil
}

// walkOne passes over a record up to the records in it, and returns their number.
func (d *Decoder) walkOne(found visitor) (n int, err error) {
	tag := d.peek()
	if isContainer(tag) && !d.blind {
		d.begin()
	} else {
		d.pos++
	}
	switch tag {
	case abi.TapeUndefined, abi.TapeNull, abi.TapeFalse, abi.TapeTrue, abi.TapeHole:
	case abi.TapeInt, abi.TapeBackref:
		_, err = d.take(4)
	case abi.TapeFloat, abi.TapeDate:
		_, err = d.take(8)
	case abi.TapeLatin1, abi.TapeUTF8, abi.TapeBuffer:
		_, err = d.block(1)
	case abi.TapeUTF16:
		_, err = d.block(2)
	case abi.TapeBigInt:
		_, err = d.block(4)
	case abi.TapeTyped:
		if _, err = d.take(1); err == nil {
			_, err = d.block(1)
		}
	case abi.TapeArray, abi.TapeSet:
		return d.count(1)
	case abi.TapeShape, abi.TapeRecord:
		p, err := d.properties(tag)
		return p.n, err
	case abi.TapeRegExp:
		for range 2 {
			if tag, err = d.tag(); err == nil {
				_, err = d.units(tag)
			}
			if err != nil {
				break
			}
		}
	case abi.TapeObject, abi.TapeMap:
		n, err = d.count(2)
		return 2 * n, err
	case abi.TapeError:
		err = d.walkError(found)
	case abi.TapeRoot:
		pos := d.pos
		var root gc.Root
		if root, _, err = d.root(); err == nil {
			found(root, pos)
		}
	default:
		err = errTape
	}
	return 0, err
}

// walkError passes over an error whose tag was read, and its causes, which are
// no containers of their own.
func (d *Decoder) walkError(found visitor) error {
	for {
		if _, err := d.take(12); err != nil {
			return err
		}
		for range 4 { // name, message, stack and the thrown value
			if isContainer(d.peek()) {
				return errTape
			}
			if _, err := d.walkOne(found); err != nil {
				return err
			}
		}
		tag, err := d.tag()
		if err != nil || tag == abi.TapeHole {
			return err
		}
		if tag != abi.TapeError {
			return errTape
		}
	}
}
