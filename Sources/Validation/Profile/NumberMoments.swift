/// Count, least, greatest, mean and deviation of finite numbers; exact, so that no order and no
/// split changes a bit of them.
///
/// It equals what Welford's update with Chan's merge gives where those do not round: the sums of
/// the numbers and of their squares are kept with all digits. While numbers stream in, mantissas
/// are added as integers, one accumulator for each exponent (Neal 2015, the large form).
struct NumberMoments {
    private(set) var count = 0
    private(set) var min = Double.infinity
    private(set) var max = -Double.infinity
    private var sums = ExactSum(scale: 1)
    private var squares = ExactSum(scale: 2)
    /// By biased exponent; emptied into the exact sums before they can overflow.
    private var linear: [Int128] = []
    private var quadratic: [UInt128] = []
    private var pending = 0

    init() {}

    /// Mantissas have 53 bits: 2^20 squares of them stay below 2^126.
    private static let pendingMax = 1 << 20

    /// Adds finite numbers, at most 2^20 at a time.
    mutating func add(_ values: Span<Double>) {
        makeRoom(values.count)
        var least = min
        var greatest = max
        // Taken out, so that one look is enough for whose they are.
        var (firsts, seconds): ([Int128], [UInt128]) = ([], [])
        swap(&firsts, &linear)
        swap(&seconds, &quadratic)
        var sums = firsts.mutableSpan
        var squares = seconds.mutableSpan
        for index in values.indices {
            let value = values[index]
            let (mantissa, exponent) = parts(value)
            let signed = value < 0 ? -Int64(mantissa) : Int64(mantissa)
            sums[exponent] &+= Int128(signed)
            let square = mantissa.multipliedFullWidth(by: mantissa)
            squares[exponent] &+= UInt128(square.high) << 64 | UInt128(square.low)
            least = value < least ? value : least
            greatest = value > greatest ? value : greatest
        }
        swap(&firsts, &linear)
        swap(&seconds, &quadratic)
        min = least
        max = greatest
        count += values.count
    }

    /// Adds one finite number several times.
    mutating func add(_ value: Double, times: Int) {
        let (mantissa, exponent) = parts(value)
        let signed = value < 0 ? -Int128(mantissa) : Int128(mantissa)
        let square = mantissa.multipliedFullWidth(by: mantissa)
        count += times
        min = Swift.min(min, value)
        max = Swift.max(max, value)
        guard times <= Self.pendingMax else {
            sums.add(signed * Int128(times), at: exponent)
            squares.add(Int128(square.low) * Int128(times), at: 2 * exponent)
            squares.add(Int128(square.high) * Int128(times), at: 2 * exponent + 64)
            return
        }
        makeRoom(times)
        linear[exponent] &+= signed * Int128(times)
        let whole = UInt128(square.high) << 64 | UInt128(square.low)
        quadratic[exponent] &+= whole * UInt128(times)
    }

    /// Adds numbers that were counted, of integers beyond 2^53 with all their digits.
    mutating func add(counted: [NumberStatistics.Counted]) {
        // Because most are there once, and many are added faster together.
        var once: [Double] = []
        once.reserveCapacity(counted.count)
        for one in counted {
            if one.count == 1 {
                once.append(one.value)
            } else {
                add(one.value, times: one.count)
            }
            if let integer = one.integer { add(restOf: integer, times: one.count) }
        }
        for start in stride(from: 0, to: once.count, by: Self.pendingMax) {
            add(once.span.extracting(start..<Swift.min(once.count, start + Self.pendingMax)))
        }
    }

    /// Adds what an integer that was added as a Double has besides.
    mutating func add(restOf value: Int64, times: Int) {
        let rest = Int128(LargeInteger.rest(value))
        guard rest != 0 else { return }
        sums.add(rest * Int128(times), at: 1075)
        // (d + r)² − d², with d + r = value; below 2^75, so that 2^48 of them fit.
        let square = rest * (2 * Int128(value) - rest)
        squares.add(square * Int128(times), at: 2 * 1075)
    }

    mutating func merge(_ other: NumberMoments) {
        let theirs = other.settled
        settle()
        sums.add(theirs.sums)
        squares.add(theirs.squares)
        count += theirs.count
        min = Swift.min(min, theirs.min)
        max = Swift.max(max, theirs.max)
    }

    /// Itself with nothing left in the accumulators.
    var settled: NumberMoments {
        var copy = self
        copy.settle()
        return copy
    }

    /// What a profile keeps; call on `settled`.
    var stored: (sums: ExactSum, squares: ExactSum) { (sums, squares) }

    init(count: Int, min: Double, max: Double, sums: ExactSum, squares: ExactSum) {
        self.count = count
        self.min = min
        self.max = max
        self.sums = sums
        self.squares = squares
    }

    /// The nearest number to the exact sum.
    var sum: Double { settled.sums.rounded }

    /// nil: there is no number.
    var mean: Double? {
        guard count > 0 else { return nil }
        let sums = settled.sums
        let sum = sums.rounded
        guard !sum.isFinite else { return sum / Double(count) }
        // Because the mean of numbers is one, though their sum may be beyond the range.
        let (value, exponent) = sums.leading
        return scaled(value / Double(count), by: exponent)
    }

    /// The sample deviation (n − 1), infinite beyond the range; nil: there are fewer than two
    /// numbers.
    var stdev: Double? {
        guard count > 1 else { return nil }
        let exact = settled
        // n · Σx² − (Σx)², whose digits cancel exactly.
        var spread = exact.squares.times(count)
        spread.add(exact.sums.squared.negated)
        func variance(_ spread: Double) -> Double { spread / Double(count) / Double(count - 1) }
        let rounded = spread.rounded
        guard !rounded.isFinite else { return variance(rounded).squareRoot() }
        // Because only the square is beyond the range.
        let (value, exponent) = spread.leading
        let odd = exponent & 1
        return scaled(variance(odd == 1 ? 2 * value : value).squareRoot(), by: (exponent - odd) / 2)
    }

    private mutating func makeRoom(_ more: Int) {
        if linear.isEmpty {
            linear = [Int128](repeating: 0, count: 2048)
            quadratic = [UInt128](repeating: 0, count: 2048)
        }
        if pending + more > Self.pendingMax { settle() }
        pending += more
    }

    private mutating func settle() {
        guard pending > 0 else { return }
        for exponent in linear.indices where quadratic[exponent] != 0 {
            sums.add(linear[exponent], at: exponent)
            squares.add(Int128(quadratic[exponent]), at: 2 * exponent)
            linear[exponent] = 0
            quadratic[exponent] = 0
        }
        pending = 0
    }

    /// A finite number's magnitude is `mantissa` · 2^(`exponent` − 1075).
    @inline(__always)
    private func parts(_ value: Double) -> (mantissa: UInt64, exponent: Int) {
        let bits = value.bitPattern
        let biased = Int(truncatingIfNeeded: bits >> 52) & 0x7FF
        let fraction = bits & 0xF_FFFF_FFFF_FFFF
        // Subnormal numbers have no leading one, and the exponent of the least normal ones.
        return biased == 0 ? (fraction, 1) : (fraction | 1 << 52, biased)
    }
}

extension NumberMoments: PartValue {
    func write(to writer: inout PartWriter) {
        let whole = settled
        writer.write(whole.count)
        writer.write(whole.min)
        writer.write(whole.max)
        whole.sums.write(to: &writer)
        whole.squares.write(to: &writer)
    }

    init(from reader: inout PartReader) throws(PartDamage) {
        self.init(
            count: try reader.int(), min: try reader.double(), max: try reader.double(),
            sums: try ExactSum(from: &reader), squares: try ExactSum(from: &reader))
    }
}
