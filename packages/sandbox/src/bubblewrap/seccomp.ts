/**
 * What a program may ask of the kernel besides what its namespaces forbid: a filter in classic BPF, as `bwrap --seccomp`
 * takes it. It refuses what no ordinary program needs and where kernels have had their holes.
 */

interface Machine {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number
  readonly clone: number
  readonly socket: number
  /** Everything from here on is another calling convention (x32), whose numbers are not those below. */
  readonly foreignFrom: number | undefined
  readonly refused: ReadonlyArray<number>
}

/** Numbers of system calls on x86-64 and on arm64. */
const refused: Record<string, readonly [x64: number, arm64: number]> = {
  add_key: [248, 217],
  bpf: [321, 280],
  chroot: [161, 51],
  delete_module: [176, 106],
  finit_module: [313, 273],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fsopen: [430, 430],
  init_module: [175, 105],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  io_uring_setup: [425, 425],
  kcmp: [312, 272],
  keyctl: [250, 219],
  mount: [165, 40],
  mount_setattr: [442, 442],
  move_mount: [429, 429],
  // memory of System V outlives whoever asked for it, and no limit of a process counts it
  msgget: [68, 186],
  semget: [64, 190],
  shmget: [29, 194],
  open_by_handle_at: [304, 265],
  open_tree: [428, 428],
  perf_event_open: [298, 241],
  pivot_root: [155, 41],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  ptrace: [101, 117],
  request_key: [249, 218],
  setns: [308, 268],
  umount2: [166, 39],
  unshare: [272, 97],
  userfaultfd: [323, 282]
}

const machines: Record<string, Machine> = {
  x64: {
    audit: 0xc000003e,
    clone: 56,
    socket: 41,
    foreignFrom: 0x40000000,
    refused: Object.values(refused).map(([x64]) => x64)
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    socket: 198,
    foreignFrom: undefined,
    refused: Object.values(refused).map(([, arm64]) => arm64)
  }
}

/** Flags of `clone` that make namespaces. */
const namespaces = 0x7e020000
const clone3 = 435

/** AF_UNIX, AF_INET, AF_INET6: namespaces confine these. They do not confine all others (AF_VSOCK reaches a VM's host). */
const families = [1, 2, 10]

type Instruction = readonly [code: number, whereTrue: number, whereFalse: number, value: number]

const load = (offset: number): Instruction => [0x20, 0, 0, offset]
const whereEqual = (value: number, yes: number, no: number): Instruction => [0x15, yes, no, value]
const whereAtLeast = (value: number, yes: number, no: number): Instruction => [0x35, yes, no, value]
const whereAny = (bits: number, yes: number, no: number): Instruction => [0x45, yes, no, bits]
const kill: Instruction = [0x06, 0, 0, 0x80000000]
const allow: Instruction = [0x06, 0, 0, 0x7fff0000]
const failing = (errno: number): Instruction => [0x06, 0, 0, 0x00050000 | errno]

const [number, architecture, firstArgument] = [load(0), load(4), load(16)]
const [EPERM, ENOSYS, EAFNOSUPPORT] = [1, 38, 97]

const instructions = (machine: Machine): ReadonlyArray<Instruction> => [
  architecture,
  whereEqual(machine.audit, 1, 0),
  kill,
  number,
  ...(machine.foreignFrom === undefined ? [] : [whereAtLeast(machine.foreignFrom, 0, 1), kill]),
  ...machine.refused.flatMap((call) => [whereEqual(call, 0, 1), failing(EPERM)]),
  // its flags are in memory, where a filter cannot look: the C library then uses `clone`
  whereEqual(clone3, 0, 1),
  failing(ENOSYS),
  whereEqual(machine.clone, 0, 4),
  firstArgument,
  whereAny(namespaces, 0, 1),
  failing(EPERM),
  allow,
  whereEqual(machine.socket, 0, families.length + 2),
  firstArgument,
  ...families.map((family, i) => whereEqual(family, families.length - i, 0)),
  failing(EAFNOSUPPORT),
  allow
]

/** The filter for a machine, by Node's name of it; there is none for others than x64 and arm64. */
export const filter = (machine: string): Uint8Array | undefined => {
  const known = machines[machine]
  if (known === undefined) return undefined
  const bytes = Buffer.alloc(instructions(known).length * 8)
  instructions(known).forEach(([code, whereTrue, whereFalse, value], i) => {
    bytes.writeUInt16LE(code, i * 8)
    bytes.writeUInt8(whereTrue, i * 8 + 2)
    bytes.writeUInt8(whereFalse, i * 8 + 3)
    bytes.writeUInt32LE(value >>> 0, i * 8 + 4)
  })
  return bytes
}
