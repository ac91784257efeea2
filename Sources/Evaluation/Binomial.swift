import Domain

extension RandomSource {
    /// How many of `trials` independent trials succeed, each with `probability`.
    ///
    /// Exact in distribution: by inversion for a mean below 10, otherwise by the transformed
    /// rejection method BTRS of W. Hörmann (1993), "The generation of binomial random variates".
    mutating func binomial(trials: Int, probability: Double) -> Int {
        if trials == 0 || probability <= 0 { return 0 }
        if probability >= 1 { return trials }
        if probability > 0.5 {
            return trials - binomial(trials: trials, probability: 1 - probability)
        }
        return Double(trials) * probability < 10
            ? binomialByInversion(trials, probability) : binomialByRejection(trials, probability)
    }

    private mutating func binomialByInversion(_ trials: Int, _ probability: Double) -> Int {
        let odds = probability / (1 - probability)
        var mass = power(1 - probability, trials)
        var rest = unit()
        var count = 0
        while rest > mass, count < trials {
            rest -= mass
            count += 1
            mass *= odds * Double(trials - count + 1) / Double(count)
        }
        return count
    }

    private mutating func binomialByRejection(_ trials: Int, _ probability: Double) -> Int {
        let n = Double(trials)
        let deviation = (n * probability * (1 - probability)).squareRoot()
        let b = 1.15 + 2.53 * deviation
        let a = -0.0873 + 0.0248 * b + 0.01 * probability
        let center = n * probability + 0.5
        let accept = 0.92 - 4.2 / b
        let odds = probability / (1 - probability)
        let alpha = (2.83 + 5.1 / b) * deviation
        let mode = ((n + 1) * probability).rounded(.down)
        while true {
            let u = unit() - 0.5
            let v = unit()
            let distance = 0.5 - abs(u)
            let k = ((2 * a / distance + b) * u + center).rounded(.down)
            if distance >= 0.07, v <= accept { return Int(k) }
            guard k >= 0, k <= n, v > 0 else { continue }
            let left = naturalLogarithm(v * alpha / (a / (distance * distance) + b))
            let right =
                (mode + 0.5) * naturalLogarithm((mode + 1) / (odds * (n - mode + 1)))
                + (n + 1) * naturalLogarithm((n - mode + 1) / (n - k + 1))
                + (k + 0.5) * naturalLogarithm(odds * (n - k + 1) / (k + 1))
                + stirlingTail(mode) + stirlingTail(n - mode) - stirlingTail(k)
                - stirlingTail(n - k)
            if left <= right { return Int(k) }
        }
    }
}

/// `base` to a whole power, by squaring.
private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var factor = base
    var rest = exponent
    while rest > 0 {
        if rest & 1 == 1 { result *= factor }
        factor *= factor
        rest >>= 1
    }
    return result
}

/// ln k! less Stirling's formula of it; tabulated below 10, by its series above.
private func stirlingTail(_ k: Double) -> Double {
    if k < 10 { return stirlingTails[Int(k)] }
    let inverse = 1 / (k + 1)
    let square = inverse * inverse
    return (1.0 / 12 - (1.0 / 360 - square / 1260) * square) * inverse
}

private let stirlingTails = [
    0.081_061_466_795_327_2, 0.041_340_695_955_409_2, 0.027_677_925_684_998_3,
    0.020_790_672_103_765_09, 0.016_644_691_189_821_1, 0.013_876_128_823_070_7,
    0.011_896_709_945_891_7, 0.010_411_265_261_972_0, 0.009_255_462_182_712_73,
    0.008_330_563_433_362_87,
]
