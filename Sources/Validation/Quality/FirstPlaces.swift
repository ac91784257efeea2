import Domain

/// The first places of what is counted, in the order of the files.
struct FirstPlaces: Hashable, Codable, Sendable {
    private(set) var places: [Place] = []

    /// More are only counted.
    static let placesMax = Violation.occurrencesMax

    var isFull: Bool { places.count >= Self.placesMax }

    /// Adds one that stands behind all others.
    mutating func add(_ place: () -> Place) {
        if !isFull { places.append(place()) }
    }

    /// Adds those of the part that follows; its lines are counted from 0.
    mutating func add(_ next: FirstPlaces, path: String, linesBefore: Int) {
        for place in next.places.prefix(Self.placesMax - places.count) {
            places.append(place.inFile(path, linesBefore: linesBefore))
        }
    }

    /// Adds those of the files that follow.
    mutating func append(_ next: FirstPlaces) {
        places += next.places.prefix(Self.placesMax - places.count)
    }

    /// `data/a.csv:3:1, 9:1, data/b.csv:2:1 …` of so many in all.
    func text(of count: Int) -> String {
        var file = ""
        let shown = places.map { place in
            defer { file = place.file }
            guard place.file == file, let line = place.line else { return place.description }
            return place.column.map { "\(line):\($0)" } ?? "\(line)"
        }
        return shown.joined(separator: ", ") + (count > places.count ? " …" : "")
    }
}
