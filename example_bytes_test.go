package qjswasm_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math"

	"github.com/qjswasm/qjswasm"
)

func ExampleValue_ViewBytes() {
	ctx := context.Background()
	rt, _ := qjswasm.New(ctx, nil)
	defer rt.Close()
	v, _ := rt.Eval(ctx, "globalThis.pixels = new Uint8Array([10, 20, 30, 40])")

	err := v.ViewBytes(func(b []byte) error { // the guest's memory: b is good until here ends
		for i := range b {
			b[i] = 255 - b[i]
		}
		return nil
	})
	inverted, _ := rt.Eval(ctx, "pixels.join()")
	fmt.Println(inverted, err)
	// Output: 245,235,225,215 <nil>
}

func ExampleRuntime_NewArrayBuffer() {
	ctx := context.Background()
	rt, _ := qjswasm.New(ctx, nil)
	defer rt.Close()
	file := bytes.NewReader([]byte("read straight into the guest"))

	v, _ := rt.NewArrayBuffer(file.Len(), func(b []byte) error {
		_, err := io.ReadFull(file, b)
		return err
	})
	_ = rt.Set("data", v)
	text, _ := rt.Eval(ctx, "String.fromCharCode(...new Uint8Array(data, 0, 4))")
	fmt.Println(text)
	// Output: read
}

func ExampleValue_ReadAt() {
	ctx := context.Background()
	rt, _ := qjswasm.New(ctx, nil)
	defer rt.Close()
	v, _ := rt.NewArrayBuffer(64, nil)

	w := gzip.NewWriter(io.NewOffsetWriter(v, 0)) // an io.Writer over the buffer
	_, _ = io.WriteString(w, "compressed in the guest's memory")
	fmt.Println(w.Close())
	r, _ := gzip.NewReader(io.NewSectionReader(v, 0, math.MaxInt64)) // an io.Reader
	r.Multistream(false)
	text, err := io.ReadAll(r)
	fmt.Println(string(text), err)
	// Output:
	// <nil>
	// compressed in the guest's memory <nil>
}

func ExampleTypedArray() {
	ctx := context.Background()
	rt, _ := qjswasm.New(ctx, nil)
	defer rt.Close()
	_ = rt.Set("samples", qjswasm.TypedArray[float32]{0.5, 1.5})
	_ = rt.Set("mean", func(s []float32) float64 { // copied whole: no element is converted
		sum := 0.0
		for _, x := range s {
			sum += float64(x)
		}
		return sum / float64(len(s))
	})
	v, _ := rt.Eval(ctx, "samples instanceof Float32Array && mean(samples.map(x => x * 2))")
	fmt.Println(v)
	// Output: 2
}

func ExampleCall_ViewBytes() {
	ctx := context.Background()
	rt, _ := qjswasm.New(ctx, nil)
	defer rt.Close()
	source := bytes.NewReader([]byte("hello"))
	_ = rt.Set("read", func(c *qjswasm.Call) error { // read(buffer) -> number of bytes
		return c.ViewBytes(0, func(b []byte) error {
			n, err := source.Read(b)
			if err == io.EOF {
				err = nil
			}
			c.ReturnInt64(int64(n))
			return err
		})
	})
	v, _ := rt.Eval(ctx, "const b = new Uint8Array(3); [read(b), read(b), read(b)].join() + ' ' + b")
	fmt.Println(v)
	// Output: 3,2,0 108,111,108
}
