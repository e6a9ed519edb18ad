package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/qjswasm/qjswasm"
)

// A bytecode file begins with a line of text: the magic, the build of the guest
// that it is good for, and the SHA-256 of the rest. The engine trusts bytecode,
// so damage has to be found before. No script begins with a NUL.
const bytecodeMagic = "\x00qjswasm bytecode 1 "

func isBytecode(b []byte) bool { return bytes.HasPrefix(b, []byte(bytecodeMagic)) }

func encodeBytecode(code []byte) []byte {
	return fmt.Appendf(nil, "%s%s %s\n%s", bytecodeMagic, qjswasm.BuildID(), digest(code), code)
}

func decodeBytecode(operand string, b []byte) ([]byte, error) {
	header, code, ok := bytes.Cut(b, []byte("\n"))
	fields := bytes.Fields(header[len(bytecodeMagic):])
	if !ok || len(fields) != 2 {
		return nil, &usageError{text: fmt.Sprintf("%s is damaged: its header is not complete", operand)}
	}
	if build := string(fields[0]); build != qjswasm.BuildID() {
		return nil, &usageError{text: fmt.Sprintf("%s was compiled by another build (%.12s) than this one (%.12s): compile it again from its source", operand, build, qjswasm.BuildID())}
	}
	if string(fields[1]) != digest(code) {
		return nil, &usageError{text: fmt.Sprintf("%s is damaged: its checksum does not match; compile it again from its source", operand)}
	}
	return code, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
