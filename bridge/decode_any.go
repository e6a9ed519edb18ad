package bridge

import "github.com/qjswasm/qjswasm/internal/abi"

// any reads one record as Export does.
func (d *Decoder) any() (any, error) {
	if err := d.enter(); err != nil {
		return nil, err
	}
	x, err := d.anyRecord()
	d.leave()
	return x, err
}

func (d *Decoder) anyRecord() (any, error) {
	tag := d.peek()
	if isContainer(tag) {
		return d.anyContainer(tag)
	}
	switch tag {
	case abi.TapeInt:
		d.pos++
		n, err := d.u32()
		return int64(int32(n)), err
	case abi.TapeLatin1:
		d.pos++
		t, err := d.text(tag)
		return t.S, err // has no surrogates
	case abi.TapeRoot:
		d.pos++
		x, _, err := d.value()
		return x, err
	case abi.TapeBackref:
		d.pos++
		n, err := d.backref()
		if err != nil {
			return nil, err
		}
		if x := d.refs[n].value; x != nil {
			return x, nil
		}
		var x any
		err = d.reread(n, func() (err error) { x, err = d.any(); return err })
		return x, err
	}
	p, err := d.primitive()
	if err != nil {
		return nil, err
	}
	return p.export(), nil
}

func (d *Decoder) anyContainer(tag byte) (x any, err error) {
	c := d.note()
	if x := d.refs[c].value; x != nil { // this is its second reading
		return x, d.skip()
	}
	d.begin()
	switch tag {
	case abi.TapeArray:
		x, err = d.anyArray(c)
	case abi.TapeObject, abi.TapeShape, abi.TapeRecord:
		x, err = d.anyObject(tag, c)
	case abi.TapeMap:
		x, err = d.anyMap(c)
	case abi.TapeSet:
		x, err = d.anySet(c)
	case abi.TapeDate:
		x, err = d.date()
	case abi.TapeRegExp:
		x, err = d.regExp()
	case abi.TapeBuffer, abi.TapeTyped:
		x, err = d.bytes(tag)
	case abi.TapeError:
		x, err = d.anyError()
	}
	if err == nil {
		d.refs[c].value = x
		d.finish(c)
	}
	return x, err
}

// list reads the number of items that follow and makes the slice for them. It has
// an identity even if it is empty.
func (d *Decoder) list() ([]any, error) {
	n, err := d.count(1)
	if err == nil {
		err = d.spend(16 * n)
	}
	if err != nil {
		return nil, err
	}
	return make([]any, n, max(n, 1)), nil
}

func (d *Decoder) anyArray(c int) (any, error) {
	s, err := d.list()
	if err != nil {
		return nil, err
	}
	d.refs[c].value = s
	return s, d.anyItems(s)
}

func (d *Decoder) anyItems(s []any) (err error) {
	for i := range s {
		if d.holes && d.peek() == abi.TapeHole {
			s[i] = Hole{}
			d.pos++
			continue
		}
		if s[i], err = d.any(); err != nil {
			return at(err, index(i))
		}
	}
	return nil
}

func (d *Decoder) anyObject(tag byte, c int) (any, error) {
	p, err := d.properties(tag)
	if err == nil {
		err = d.spend(costEntry * p.n)
	}
	if err != nil {
		return nil, err
	}
	m := make(map[string]any, p.n)
	d.refs[c].value = m
	for i := range p.n {
		k, err := d.key(&p, i)
		if err != nil {
			return nil, err
		}
		if m[k], err = d.any(); err != nil {
			return nil, at(err, field(k))
		}
	}
	return m, nil
}

func (d *Decoder) anyMap(c int) (any, error) {
	n, err := d.count(2)
	if err == nil {
		err = d.spend(32 * n)
	}
	if err != nil {
		return nil, err
	}
	m := make(Map, n, max(n, 1))
	d.refs[c].value = m
	for i := range m {
		if m[i].Key, err = d.any(); err != nil {
			return nil, at(err, index(i))
		}
		if m[i].Value, err = d.any(); err != nil {
			return nil, at(err, index(i))
		}
	}
	return m, nil
}

func (d *Decoder) anySet(c int) (any, error) {
	items, err := d.list()
	if err != nil {
		return nil, err
	}
	s := Set(items)
	d.refs[c].value = s
	return s, d.anyItems(s)
}

func (d *Decoder) anyError() (any, error) {
	x, err := d.exception()
	for y := x; y != nil && err == nil; y = y.Cause {
		err = d.spend(costError + len(y.Name) + len(y.Message) + len(y.Stack))
	}
	if err != nil {
		return nil, err
	}
	return d.R.Emb.Exception(x), nil
}
