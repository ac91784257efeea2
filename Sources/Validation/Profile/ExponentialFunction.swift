/// e^x, to about one unit in the last place: with x = k · ln 2 + r and |r| at most half of ln 2,
/// 2^k · Σ rⁱ/i!, where 14 terms reach 2^-57. ln 2 is split so that k · ln 2 loses nothing
/// (Cody and Waite 1980).
func exponential(_ x: Double) -> Double {
    guard x < 709.8 else { return x.isNaN ? x : .infinity }
    guard x > -745.2 else { return 0 }
    let k = (x / 0.693_147_180_559_945_3).rounded()
    let rest = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33
    var sum = 1.0
    for term in stride(from: 14.0, through: 1, by: -1) { sum = 1 + sum * rest / term }
    let half = Int(k) / 2
    return sum * Double(sign: .plus, exponent: half, significand: 1)
        * Double(sign: .plus, exponent: Int(k) - half, significand: 1)
}
