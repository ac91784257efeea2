/// A distribution as ascending numbers with the count of rows that each stands for.
struct WeightedPoints: Equatable {
    private(set) var values: [Double] = []
    /// How many rows have at most the value of the same index.
    private(set) var cumulative: [Int] = []

    init() {}

    /// - Parameter points: ascending; equal ones are put together.
    init(_ points: [(value: Double, weight: Int)]) {
        // Apart from itself, because one by one each would ask whose they are.
        var (values, cumulative): ([Double], [Int]) = ([], [])
        values.reserveCapacity(points.count)
        cumulative.reserveCapacity(points.count)
        var (last, total) = (Double.nan, 0)
        for point in points where point.weight > 0 {
            total += point.weight
            if point.value == last {
                cumulative[cumulative.count - 1] = total
            } else {
                values.append(point.value)
                cumulative.append(total)
                last = point.value
            }
        }
        (self.values, self.cumulative) = (values, cumulative)
    }

    init(ascending all: [Double]) {
        reserve(all.count)
        var index = 0
        while index < all.count {
            let value = all[index]
            repeat { index += 1 } while index < all.count && all[index] == value
            values.append(value)
            cumulative.append(index)
        }
    }

    var count: Int { cumulative.last ?? 0 }

    func weight(_ index: Int) -> Int {
        cumulative[index] - (index == 0 ? 0 : cumulative[index - 1])
    }

    /// How many rows have at most this value.
    func count(atMost value: Double) -> Int {
        let index = firstIndex { $0 > value }
        return index == 0 ? 0 : cumulative[index - 1]
    }

    /// How many rows have less than this value.
    func count(below value: Double) -> Int {
        let index = firstIndex { $0 >= value }
        return index == 0 ? 0 : cumulative[index - 1]
    }

    /// How many rows have a value of some kind.
    func count(where isOne: (Double) -> Bool) -> Int {
        values.indices.reduce(0) { isOne(values[$1]) ? $0 + weight($1) : $0 }
    }

    /// How many of the rows that the points around a value stand for may lie on its other side,
    /// when each point is the middle one of its rows.
    func doubt(at value: Double) -> Int {
        let above = firstIndex { $0 > value }
        var doubt = 0
        if above < values.count { doubt = Swift.max(doubt, (weight(above) - 1) / 2) }
        if above > 0 { doubt = Swift.max(doubt, weight(above - 1) / 2) }
        return doubt
    }

    /// Linear interpolation between neighbouring ranks: type 7 of Hyndman and Fan 1996, which is
    /// numpy's default. nil: there are no rows.
    func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        return Self.quantile(share, of: count, value(atRank:))
    }

    /// The same among numbers of which only those of some ranks are known.
    ///
    /// - Parameters:
    ///   - count: how many numbers there are; one at least.
    ///   - value: gives the number at a rank from 0; is asked for two neighbouring ones at most.
    static func quantile(_ share: Double, of count: Int, _ value: (Int) -> Double) -> Double {
        let position = Double(count - 1) * share
        let low = Int(position.rounded(.down))
        let below = value(low)
        let fraction = position - Double(low)
        guard fraction > 0, low + 1 < count else { return below }
        let above = value(low + 1)
        // As numpy does it, from the nearer end.
        return fraction < 0.5
            ? .between(below, above, fraction) : .between(above, below, 1 - fraction)
    }

    /// The value at a rank from 0.
    func value(atRank rank: Int) -> Double {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > rank { high = middle } else { low = middle + 1 }
        }
        return values[low]
    }

    /// The distribution of the images under a function that never falls, whatever its rounding.
    func ascending(_ image: (Double) -> Double) -> WeightedPoints {
        var images = WeightedPoints()
        images.reserve(values.count)
        for index in values.indices {
            let value = image(values[index])
            images.append(Swift.max(value, images.values.last ?? value), weight(index))
        }
        return images
    }

    /// The distribution of how far the numbers are from a centre.
    func distances(from centre: Double) -> WeightedPoints {
        var distances = WeightedPoints()
        distances.reserve(values.count)
        var right = firstIndex { $0 > centre }
        var left = right - 1
        while left >= 0 || right < values.count {
            let below = left >= 0 ? centre - values[left] : .infinity
            let above = right < values.count ? values[right] - centre : .infinity
            if right == values.count || left >= 0 && below <= above {
                distances.append(below, weight(left))
                left -= 1
            } else {
                distances.append(above, weight(right))
                right += 1
            }
        }
        return distances
    }

    private mutating func reserve(_ count: Int) {
        values.reserveCapacity(count)
        cumulative.reserveCapacity(count)
    }

    /// Adds a value that is not below the last one.
    private mutating func append(_ value: Double, _ weight: Int) {
        let total = count + weight
        if values.last == value {
            cumulative[cumulative.count - 1] = total
        } else {
            values.append(value)
            cumulative.append(total)
        }
    }

    /// Σ weight · image.
    func sum(_ image: (Double) -> Double) -> Double {
        values.indices.reduce(0) { $0 + image(values[$1]) * Double(weight($1)) }
    }

    private func firstIndex(_ isPast: (Double) -> Bool) -> Int {
        var low = 0
        var high = values.count
        while low < high {
            let middle = (low + high) / 2
            if isPast(values[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Double {
    /// A number and a part of the way to another, however far that is.
    /// - Parameter part: 0 to 1.
    static func between(_ start: Double, _ end: Double, _ part: Double) -> Double {
        let way = end - start
        // Because numbers that are so far from each other lie on both sides of zero.
        guard way.isFinite else { return start * (1 - part) + end * part }
        return start + part * way
    }
}
