package host

import (
	"fmt"
	"time"

	"github.com/qjswasm/qjswasm/internal/abi"
)

const (
	// MinMemory is the least an instance can work with: the image, and some
	// room above it. It does not count the part of the guest's stack that
	// StackSize leaves unused.
	MinMemory = 4 << 20
	// MaxMemory is what a 32-bit guest can address.
	MaxMemory = 4<<30 - PageSize

	// DefaultKillGrace is how long a guest may take to stop.
	DefaultKillGrace = 100 * time.Millisecond
	// MinHostMemory is room for what ordinary scripts pass to Go.
	MinHostMemory = 1 << 20
	// MaxHostMemory is beyond any machine: more is a mistake in units.
	MaxHostMemory = 1 << 46

	// MinStack is the least that ordinary scripts get by with.
	MinStack = 64 << 10
	// MaxStack is what the linker reserved.
	MaxStack = abi.StackSize - stackMargin
	// stackMargin is what functions without a stack check may use.
	stackMargin = 64 << 10
)

// InstanceConfig is what an instance may use and reach.
type InstanceConfig struct {
	MemoryLimit int64 // bytes
	StackSize   int64 // bytes, 0 means the engine's default
	Timeout     time.Duration
	// HostMemoryLimit bounds the Go memory that the guest makes the host hold, in
	// bytes; see Instance.HostBytes. 0 means no bound.
	HostMemoryLimit int64
	KillGrace       time.Duration // 0 means DefaultKillGrace
	Fuel            uint64        // ticks, 0 means no bound
	CycleGC         CycleGC
	Intrinsics      uint32 // groups of built-ins, 0 means all
	Seed            uint64
	Now             func() time.Time // nil means time.Now at millisecond resolution

	// ConsoleLevels is the mask that the guest consults before it formats
	// anything: bit l for level l, bit 8+l for colours at that level.
	ConsoleLevels   uint32
	TrackRejections bool
	// TrackAllocations notes how roots and callables come to be.
	TrackAllocations bool

	// What the guest asks for, besides calling functions. They return an
	// abi.Status and must not retain their arguments.
	// Died is called once, when the guest is given up since it is dead. The gate is held.
	Died    func(cause error)
	Console func(inv *Invocation, level uint32, text []byte) uint32
	Resolve func(inv *Invocation, referrer, specifier string) uint32
	Load    func(inv *Invocation, name string, kind uint32) uint32 // sets ReturnModule
}

// Check returns an error that says what to change when the configuration cannot work.
func (c *InstanceConfig) Check() error {
	switch {
	case c.MemoryLimit < MinMemory:
		return fmt.Errorf("qjswasm: MemoryLimit of %d bytes is too small, the least is %d", c.MemoryLimit, MinMemory)
	case c.MemoryLimit > MaxMemory:
		return fmt.Errorf("qjswasm: MemoryLimit of %d bytes is too large, the most is %d", c.MemoryLimit, int64(MaxMemory))
	case c.StackSize != 0 && (c.StackSize < MinStack || c.StackSize > MaxStack):
		return fmt.Errorf("qjswasm: StackSize of %d bytes is out of range, it must be from %d to %d", c.StackSize, MinStack, MaxStack)
	case c.Intrinsics&^abi.IntrinsicAll != 0:
		return fmt.Errorf("qjswasm: Intrinsics has bits that mean nothing: %#x", c.Intrinsics&^abi.IntrinsicAll)
	case c.HostMemoryLimit < 0 || c.HostMemoryLimit != 0 && c.HostMemoryLimit < MinHostMemory:
		return fmt.Errorf("qjswasm: HostMemoryLimit of %d bytes is too small, the least is %d", c.HostMemoryLimit, MinHostMemory)
	case c.HostMemoryLimit > MaxHostMemory:
		return fmt.Errorf("qjswasm: HostMemoryLimit of %d bytes is too large, the most is %d", c.HostMemoryLimit, int64(MaxHostMemory))
	case c.CycleGC < CycleGCAuto || c.CycleGC > CycleGCOff:
		return fmt.Errorf("qjswasm: CycleGC of %d is none of its constants", c.CycleGC)
	case c.Timeout < 0:
		return fmt.Errorf("qjswasm: Timeout of %v is negative", c.Timeout)
	case c.KillGrace < 0:
		return fmt.Errorf("qjswasm: KillGrace of %v is negative", c.KillGrace)
	}
	return nil
}

// memorySize is the most that linear memory may grow to, in bytes: the limit,
// and what StackSize leaves unused of the stack that the linker reserved.
func (c *InstanceConfig) memorySize() uint64 {
	size := uint64(c.MemoryLimit) + uint64(MaxStack-c.StackSize)
	return min((size+PageSize-1)&^(PageSize-1), MaxMemory)
}
