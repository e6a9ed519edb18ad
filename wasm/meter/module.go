package main

import (
	"bytes"
	"errors"
	"fmt"
)

// Section ids of the binary format.
// https://webassembly.github.io/spec/core/binary/modules.html
const (
	sectionType     = 1
	sectionImport   = 2
	sectionFunction = 3
	sectionExport   = 7
	sectionCode     = 10
)

const (
	externFunc   = 0
	externTable  = 1
	externMemory = 2
	externGlobal = 3
)

// module is what has to be known of a module to rewrite its code.
type module struct {
	sections []section
	params   []int // number of parameters by type index
	types    []int // type index by index of the function, imported ones first
	imported int   // number of imported functions
	// recursive tells by function whether its entry needs a tick.
	recursive []bool
	ticks     uint32
	dispatch  uint32
	expired   uint32
	copy      uint32
	fill      uint32
}

type section struct {
	id   byte
	body []byte
}

var header = []byte("\x00asm\x01\x00\x00\x00")

// meter returns the module with its loops metered.
func meter(wasm []byte) ([]byte, stats, error) {
	m, err := parse(wasm)
	if err != nil {
		return nil, stats{}, err
	}
	out := bytes.Clone(header)
	if m.recursive, err = m.recursiveFunctions(m.section(sectionCode)); err != nil {
		return nil, stats{}, err
	}
	var st stats
	for _, s := range m.sections {
		if s.id == sectionCode {
			if s.body, st, err = m.rewrite(s.body); err != nil {
				return nil, stats{}, err
			}
		}
		out = append(out, s.id)
		out = appendU32(out, uint32(len(s.body)))
		out = append(out, s.body...)
	}
	return out, st, nil
}

// section returns the body of a section, one without items if there is none.
func (m *module) section(id byte) []byte {
	for _, s := range m.sections {
		if s.id == id {
			return s.body
		}
	}
	return []byte{0}
}

func parse(wasm []byte) (*module, error) {
	if !bytes.HasPrefix(wasm, header) {
		return nil, errors.New("not a wasm module")
	}
	m := &module{}
	r := &reader{b: wasm[len(header):]}
	for len(r.b) > 0 {
		s := section{id: r.byte()}
		s.body = r.take(int(r.u32()))
		m.sections = append(m.sections, s)
	}
	if r.err != nil {
		return nil, r.err
	}
	for _, s := range m.sections {
		body := &reader{b: s.body}
		var err error
		switch s.id {
		case sectionType:
			err = m.parseTypes(body)
		case sectionImport:
			err = m.parseImports(body)
		case sectionFunction:
			for n := body.u32(); n > 0 && body.err == nil; n-- {
				m.types = append(m.types, int(body.u32()))
			}
		case sectionExport:
			err = m.parseExports(body)
		}
		if err = errors.Join(err, body.err); err != nil {
			return nil, fmt.Errorf("section %d: %w", s.id, err)
		}
	}
	return m, nil
}

func (m *module) parseTypes(r *reader) error {
	for n := r.u32(); n > 0 && r.err == nil; n-- {
		if form := r.byte(); form != 0x60 {
			return fmt.Errorf("type of unknown form %#x", form)
		}
		params := int(r.u32())
		r.take(params)
		r.take(int(r.u32()))
		m.params = append(m.params, params)
	}
	return nil
}

func (m *module) parseImports(r *reader) error {
	for n := r.u32(); n > 0 && r.err == nil; n-- {
		r.take(int(r.u32()))
		r.take(int(r.u32()))
		if kind := r.byte(); kind != externFunc {
			return fmt.Errorf("import of kind %d: only functions are expected", kind)
		}
		m.types = append(m.types, int(r.u32()))
		m.imported++
	}
	return nil
}

func (m *module) parseExports(r *reader) error {
	wanted := map[string]struct {
		kind  byte
		index *uint32
	}{
		"qjs_ticks":         {externGlobal, &m.ticks},
		"qjs_dispatch":      {externGlobal, &m.dispatch},
		"qjs_ticks_expired": {externFunc, &m.expired},
		"qjs_memory_copy":   {externFunc, &m.copy},
		"qjs_memory_fill":   {externFunc, &m.fill},
	}
	for n := r.u32(); n > 0 && r.err == nil; n-- {
		name := string(r.take(int(r.u32())))
		kind, index := r.byte(), r.u32()
		if w, ok := wanted[name]; ok && w.kind == kind {
			*w.index = index
			delete(wanted, name)
		}
	}
	for name := range wanted {
		return fmt.Errorf("%s is not exported", name)
	}
	return nil
}
