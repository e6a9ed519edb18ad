package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/qjswasm/qjswasm"
)

// A bytecode file begins with a line of text: the magic, the build of the guest
// that it is good for, the SHA-256 of the rest and the name of the source. The
// engine trusts bytecode, so damage has to be found before. No script begins
// with a NUL.
const bytecodeMagic = "\x00qjswasm bytecode 1 "

func isBytecode(b []byte) bool { return bytes.HasPrefix(b, []byte(bytecodeMagic)) }

func encodeBytecode(name string, code []byte) []byte {
	return fmt.Appendf(nil, "%s%s %s %q\n%s", bytecodeMagic, qjswasm.BuildID(), digest(code), name, code)
}

func decodeBytecode(operand string, b []byte) (code []byte, name string, err error) {
	header, code, _ := bytes.Cut(b[len(bytecodeMagic):], []byte("\n"))
	build, rest, _ := strings.Cut(string(header), " ")
	if build != qjswasm.BuildID() {
		return nil, "", badInput("%s was compiled by another build (%.12s) than this one (%.12s): compile it again from its source", operand, build, qjswasm.BuildID())
	}
	sum, quoted, _ := strings.Cut(rest, " ")
	if name, err = strconv.Unquote(quoted); err != nil || sum != digest(code) {
		return nil, "", badInput("%s is damaged, its checksum does not match: compile it again from its source", operand)
	}
	return code, name, nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
