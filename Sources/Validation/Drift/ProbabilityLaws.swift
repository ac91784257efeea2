import Domain

/// The chi-square distribution.
enum ChiSquareLaw {
    /// The probability of more than `x`: the regularised incomplete gamma function Q(k/2, x/2)
    /// (Abramowitz and Stegun 26.4.19).
    static func survival(_ x: Double, degrees: Int) -> Double {
        guard degrees > 0 else { return x > 0 ? 0 : 1 }
        return x <= 0 ? 1 : regularizedGammaQ(Double(degrees) / 2, x / 2)
    }

    /// The value that is exceeded with a probability; by halving an interval around it.
    static func limit(exceededWith probability: Double, degrees: Int) -> Double {
        var high = Double(degrees) + 10
        while survival(high, degrees: degrees) > probability { high *= 2 }
        var low = 0.0
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if survival(middle, degrees: degrees) > probability {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }
}

/// The limit law of √(nm/(n+m))·D for the two-sample Kolmogorov–Smirnov distance.
enum KolmogorovLaw {
    /// The probability of more than λ, by the one of two equal series that converges at once:
    /// 2 Σ (−1)^(k−1) e^(−2k²λ²), and 1 − √(2π)/λ · Σ e^(−(2k−1)²π²/(8λ²)) for small λ
    /// (Kolmogorov 1933; Feller 1948; Marsaglia, Tsang and Wang 2003).
    static func survival(_ lambda: Double) -> Double {
        guard lambda > 0 else { return 1 }
        if lambda < 1 {
            let unit = 1.233_700_550_136_169_8 / (lambda * lambda)  // π²/8
            let sum = (0..<6).reduce(0.0) { sum, k in
                let odd = Double(2 * k + 1)
                return sum + exponential(-odd * odd * unit)
            }
            return 1 - 2.506_628_274_631_000_5 / lambda * sum  // √(2π)
        }
        var sum = 0.0
        for k in 1...10 {
            let term = exponential(-2 * Double(k * k) * lambda * lambda)
            sum += k % 2 == 1 ? term : -term
        }
        return Swift.min(1, 2 * sum)
    }

    /// The p-value of a distance between samples of n and m numbers.
    static func pValue(distance: Double, _ n: Int, _ m: Int) -> Double {
        let size = Double(n) * Double(m) / (Double(n) + Double(m))
        return survival(size.squareRoot() * distance)
    }
}

/// The standard normal distribution.
enum NormalLaw {
    /// The probability of more than `z`: half of the probability that a chi-square variable of one
    /// degree exceeds z² (Abramowitz and Stegun 26.4.25).
    static func survival(_ z: Double) -> Double {
        let tail = ChiSquareLaw.survival(z * z, degrees: 1) / 2
        return z >= 0 ? tail : 1 - tail
    }
}

/// Q(a, x) = Γ(a, x)/Γ(a): by the series of P below a + 1 (DLMF 8.11.4), by the continued fraction
/// above (DLMF 8.9.2, evaluated as Lentz 1976 does).
func regularizedGammaQ(_ a: Double, _ x: Double) -> Double {
    let front = exponential(a * naturalLogarithm(x) - x - logGamma(a))
    if x < a + 1 {
        var term = 1 / a
        var sum = term
        var n = a
        while term > sum * 1e-17 {
            n += 1
            term *= x / n
            sum += term
        }
        return Swift.max(0, 1 - sum * front)
    }
    let least = 1e-300
    var b = x + 1 - a
    var c = 1 / least
    var d = 1 / b
    var fraction = d
    for i in 1...100_000 {
        let n = Double(i)
        let step = -n * (n - a)
        b += 2
        d = step * d + b
        if d.magnitude < least { d = least }
        c = b + step / c
        if c.magnitude < least { c = least }
        d = 1 / d
        let change = d * c
        fraction *= change
        if (change - 1).magnitude < 1e-16 { break }
    }
    return front * fraction
}

/// ln Γ(a) for positive a: Stirling's series (DLMF 5.11.1) from 15 on, below by Γ(a+1) = aΓ(a).
func logGamma(_ a: Double) -> Double {
    var z = a
    var product = 1.0
    while z < 15 {
        product *= z
        z += 1
    }
    let w = 1 / (z * z)
    let series =
        (1 / 12.0 - w * (1 / 360.0 - w * (1 / 1260.0 - w * (1 / 1680.0 - w / 1188)))) / z
    let halfLogTwoPi = 0.918_938_533_204_672_7
    return (z - 0.5) * naturalLogarithm(z) - z + halfLogTwoPi + series - naturalLogarithm(product)
}
