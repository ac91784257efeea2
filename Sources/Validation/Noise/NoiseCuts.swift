/// Where the numbers of features are cut: at their deciles, of which equal ones are one.
struct NoiseCuts {
    /// Ascending, by the features that hold numbers.
    private let cuts: [[Double]]
    private let seeds: [UInt64]

    init(_ plan: NoisePlan, _ rows: NoiseSpool) throws(SpillFault) {
        let seeds = plan.features.indices.filter { plan.features[$0].isNumber }
        self.seeds = seeds.map(NoiseValue.seed)
        // Because below as many numbers, the deciles are exact, and memory is shared.
        let exactMax = 100_000 / Swift.max(1, seeds.count)
        var sketches = seeds.map { _ in QuantileSketch(exactMax: exactMax) }
        var waiting = [[Double]](repeating: [], count: seeds.count)
        try rows.read { row in
            for index in waiting.indices {
                guard let number = row.number(index) else { continue }
                waiting[index].append(number)
                guard waiting[index].count == 1024 else { continue }
                let numbers = waiting[index]
                sketches[index].add(numbers.span)
                waiting[index] = []
            }
        }
        for (index, numbers) in waiting.enumerated() { sketches[index].add(numbers.span) }
        cuts = sketches.map { sketch in
            let points = sketch.points
            var cuts: [Double] = []
            for tenth in 1...9 {
                guard let cut = points.quantile(Double(tenth) / 10), cut != cuts.last else {
                    continue
                }
                cuts.append(cut)
            }
            return cuts
        }
    }

    /// Gives every value of a row.
    func values(of row: NoiseRow, _ body: (UInt64) -> Void) {
        for index in cuts.indices {
            guard let number = row.number(index) else { continue }
            body(NoiseValue.part(cuts[index].count { $0 < number }, seeds[index]))
        }
        for place in row.values { body(row.words[place]) }
    }
}
