/// Returns the natural logarithm of a positive, normal number, to about one unit in the last place.
///
/// Because the standard library has none and reports must be equal on every machine: with
/// x = m · 2^e and m between √½ and √2, ln x = e · ln 2 + 2 · artanh((m − 1) / (m + 1)), by the
/// series of artanh, whose argument is below 0.172 here, so twelve terms reach 2^-60.
package func naturalLogarithm(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x == 0 ? -.infinity : x == .infinity ? x : .nan }
    var mantissa = x.significand
    var exponent = Double(x.exponent)
    if mantissa > 1.414_213_562_373_095_1 {
        mantissa /= 2
        exponent += 1
    }
    let ratio = (mantissa - 1) / (mantissa + 1)
    let square = ratio * ratio
    var sum = 0.0
    for term in stride(from: 23.0, through: 3, by: -2) {
        sum = (sum + 1 / term) * square
    }
    return exponent * 0.693_147_180_559_945_3 + 2 * ratio * (1 + sum)
}
