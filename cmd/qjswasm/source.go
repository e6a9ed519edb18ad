package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/qjswasm/qjswasm"
)

const (
	byteOrderMark = "\ufeff"
	stdinName     = "<stdin>"
)

// readSource reads the script that an operand names, "-" being stdin. Modules
// are told by their name; bytecode by its header, which also tells the name that
// its source had.
func readSource(s *streams, operand string, module bool, max int64) (src qjswasm.Source, compiledAs string, err error) {
	name := stdinName
	if operand != "-" {
		name = filepath.ToSlash(filepath.Clean(operand))
		module = module || strings.HasSuffix(name, ".mjs")
	}
	b, err := readOperand(s, operand, max)
	if err != nil {
		return qjswasm.Source{}, "", err
	}
	if operand == "-" {
		operand = "standard input"
	}
	if isBytecode(b) {
		code, compiledAs, err := decodeBytecode(operand, b)
		return qjswasm.Source{Name: name, Bytecode: code}, compiledAs, err
	}
	b = bytes.TrimPrefix(b, []byte(byteOrderMark))
	if err := checkUTF8(operand, b); err != nil {
		return qjswasm.Source{}, "", err
	}
	return qjswasm.Source{Name: name, Code: string(b), Module: module}, "", nil
}

// readOperand reads no more than a script could hold in its memory.
func readOperand(s *streams, operand string, max int64) ([]byte, error) {
	in := s.in
	if operand == "-" {
		operand = "standard input"
	} else {
		f, err := os.Open(operand)
		if err != nil {
			return nil, unreadable(operand, err)
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return nil, unreadable(operand, err)
		}
		if info.IsDir() {
			return nil, unreadable(operand, errIsFolder)
		}
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, max+1))
	if err != nil {
		return nil, unreadable(operand, err)
	}
	if int64(len(b)) > max {
		return nil, &statusError{exitMemory, fmt.Sprintf("%s is larger than the %s of memory that a script may use (--memory)", operand, readable(max))}
	}
	return b, nil
}

func unreadable(operand string, err error) error {
	text := reason(err)
	if errors.Is(err, errIsFolder) {
		text = "it is a folder, not a script"
	}
	return badInput("cannot read %s: %s", operand, text)
}

// checkUTF8 says where a file is not UTF-8, as the engine would not.
func checkUTF8(operand string, b []byte) error {
	if utf8.Valid(b) {
		return nil
	}
	line, column := 1, 1
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return badInput("%s:%d:%d: byte 0x%02x is not valid UTF-8; save the text as UTF-8", operand, line, column, b[i])
		case r == '\n':
			line, column = line+1, 0
		}
		i, column = i+n, column+1
	}
	return nil
}
