package bridge

import (
	"reflect"

	"github.com/qjswasm/qjswasm/internal/abi"
)

// intoSequence reads a container into a sequence over a copy of its elements.
func (d *Decoder) intoSequence(tag byte, v reflect.Value, s sequence) error {
	pairs := s.value != nil && !s.err
	switch tag {
	case abi.TapeArray, abi.TapeSet:
		if pairs {
			return d.intoPairs(tag, v, s)
		}
	case abi.TapeMap:
		if !pairs {
			return unconvertible("JS Map", "Go "+s.fn.String(), errEntries)
		}
		return d.intoPairs(tag, v, s)
	case abi.TapeTyped:
		if pairs {
			return mismatch(tag, s.fn)
		}
	case abi.TapeObject, abi.TapeShape, abi.TapeRecord:
		return unconvertible("JS Object", "Go "+s.fn.String(), errCopied)
	default:
		return mismatch(tag, s.fn)
	}
	elems := reflect.New(reflect.SliceOf(s.elem)).Elem()
	if err := d.into(elems); err != nil {
		return err
	}
	v.Set(copied(s, elems, reflect.Value{}))
	return nil
}

// intoPairs reads a Map, or an array of pairs.
func (d *Decoder) intoPairs(tag byte, v reflect.Value, s sequence) error {
	c := d.begin()
	size := 1
	if tag == abi.TapeMap {
		size = 2
	}
	n, err := d.count(size)
	if err == nil {
		err = d.spendArray(n, s.elem)
	}
	if err == nil {
		err = d.spendArray(n, s.value)
	}
	if err != nil {
		return err
	}
	// They grow with what is read: a few bytes of tape must not make large slices.
	keys := reflect.MakeSlice(reflect.SliceOf(s.elem), 0, 0)
	values := reflect.MakeSlice(reflect.SliceOf(s.value), 0, 0)
	for i := range n {
		keys = reflect.Append(keys, reflect.Zero(s.elem))
		values = reflect.Append(values, reflect.Zero(s.value))
		if tag == abi.TapeMap {
			if err = d.into(keys.Index(i)); err == nil {
				err = d.into(values.Index(i))
			}
		} else {
			err = d.pair(keys.Index(i), values.Index(i))
		}
		if err != nil {
			return at(err, index(i))
		}
	}
	d.finish(c)
	v.Set(copied(s, keys, values))
	return nil
}

// pair reads an array of two.
func (d *Decoder) pair(k, v reflect.Value) error {
	tag := d.peek()
	if tag == abi.TapeBackref {
		d.pos++
		n, err := d.backref()
		if err != nil {
			return err
		}
		return d.reread(n, func() error { return d.pair(k, v) })
	}
	if tag != abi.TapeArray {
		return unconvertible("JS "+kindNames[tag], "Go "+k.Type().String()+" and "+v.Type().String(), errPair)
	}
	c := d.begin()
	n, err := d.count(1)
	if err != nil {
		return err
	}
	if n != 2 {
		return unconvertible("JS Array", "Go "+k.Type().String()+" and "+v.Type().String(), errPair)
	}
	if err := d.into(k); err != nil {
		return at(err, index(0))
	}
	if err := d.into(v); err != nil {
		return at(err, index(1))
	}
	d.finish(c)
	return nil
}

// copied makes the sequence over slices.
func copied(s sequence, elems, values reflect.Value) reflect.Value {
	return reflect.MakeFunc(s.fn, func(args []reflect.Value) []reflect.Value {
		in := make([]reflect.Value, s.yield.NumIn())
		for i := range elems.Len() {
			in[0] = elems.Index(i)
			switch {
			case s.err:
				in[1] = reflect.Zero(errorType)
			case s.value != nil:
				in[1] = values.Index(i)
			}
			if !args[0].Call(in)[0].Bool() {
				break
			}
		}
		return nil
	})
}

// setSequence makes a string a sequence of its code points, as JS iterates.
func (r *Realm) setSequence(v reflect.Value, p *primitive, s sequence) error {
	if s.value != nil && !s.err {
		return mismatch(p.tag, s.fn)
	}
	text := []rune(p.text.String())
	elems := reflect.MakeSlice(reflect.SliceOf(s.elem), len(text), len(text))
	for i, c := range text {
		if err := r.set(elems.Index(i), &primitive{tag: abi.TapeUTF8, text: Text{S: string(c)}}); err != nil {
			return at(err, index(i))
		}
	}
	v.Set(copied(s, elems, reflect.Value{}))
	return nil
}
