/// Estimates how many different keys were seen, from 2^14 registers of six bits.
///
/// Flajolet, Fusy, Gandouet and Meunier 2007, with the estimator of Ertl 2017 ("New cardinality
/// estimation algorithms for HyperLogLog sketches", algorithm 6), which needs no tables of
/// corrections. Registers take the maximum, so neither order nor split changes them.
struct HyperLogLog: Equatable {
    static let registerCount = 1 << 14
    /// 1.04 / √16384: about two thirds of all estimates are nearer than this share.
    static let standardError = 0.008_125

    private(set) var registers = [UInt8](repeating: 0, count: registerCount)

    @inline(__always)
    mutating func add(_ key: UInt64) {
        let index = Int(truncatingIfNeeded: key >> 50)
        let rank = UInt8(truncatingIfNeeded: (key << 14 | 1 << 13).leadingZeroBitCount &+ 1)
        if registers[index] < rank { registers[index] = rank }
    }

    mutating func add(_ keys: Span<UInt64>) {
        for number in keys.indices { add(keys[number]) }
    }

    mutating func merge(_ other: HyperLogLog) {
        for index in registers.indices {
            registers[index] = Swift.max(registers[index], other.registers[index])
        }
    }

    /// The estimated number of different keys.
    var estimate: Double {
        var histogram = [Int](repeating: 0, count: 52)
        for register in registers { histogram[Int(register)] += 1 }
        let size = Double(Self.registerCount)
        var sum = size * tau(1 - Double(histogram[51]) / size)
        for rank in stride(from: 50, through: 1, by: -1) {
            sum = 0.5 * (sum + Double(histogram[rank]))
        }
        sum += size * sigma(Double(histogram[0]) / size)
        // α∞ = 1 / (2 ln 2)
        return 0.721_347_520_444_481_7 * size * size / sum
    }

    /// Six bits a register, four registers in three bytes: 12 KiB.
    var packed: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.registerCount / 4 * 3)
        for index in stride(from: 0, to: Self.registerCount, by: 4) {
            let word = (0..<4).reduce(0 as UInt32) { word, offset in
                word | UInt32(registers[index + offset]) << UInt32(6 * offset)
            }
            for shift: UInt32 in [0, 8, 16] {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        return bytes
    }

    init() {}

    /// nil: the bytes are not registers.
    init?(packed bytes: [UInt8]) {
        guard bytes.count == Self.registerCount / 4 * 3 else { return nil }
        for index in stride(from: 0, to: Self.registerCount, by: 4) {
            let start = index / 4 * 3
            let word =
                UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8
                | UInt32(bytes[start + 2]) << 16
            for offset in 0..<4 {
                let register = UInt8(word >> UInt32(6 * offset) & 63)
                guard register <= 51 else { return nil }
                registers[index + offset] = register
            }
        }
    }
}

private func sigma(_ share: Double) -> Double {
    if share == 1 { return .infinity }
    var x = share
    var y = 1.0
    var z = x
    while true {
        x *= x
        let before = z
        z += x * y
        y += y
        if z == before { return z }
    }
}

private func tau(_ share: Double) -> Double {
    if share == 0 || share == 1 { return 0 }
    var x = share
    var y = 1.0
    var z = 1 - x
    while true {
        x = x.squareRoot()
        let before = z
        y *= 0.5
        z -= (1 - x) * (1 - x) * y
        if z == before { return z / 3 }
    }
}

extension HyperLogLog: PartValue {
    func write(to writer: inout PartWriter) { writer.write(registers) }

    init(from reader: inout PartReader) throws(PartDamage) {
        registers = try reader.array(of: UInt8(0))
        guard registers.count == Self.registerCount, registers.allSatisfy({ $0 <= 51 }) else {
            throw PartDamage()
        }
    }
}
