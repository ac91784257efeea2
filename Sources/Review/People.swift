import Domain

/// Which names and keys belong to one person.
///
/// Names that share a key are one person, and so are keys that share a name, through any number
/// of steps. Built once; asking takes constant time.
struct People: Sendable {
    /// Names and a key that stand beside each other in a file.
    struct Holding: Sendable {
        var names: [String]
        var key: [UInt8]
    }

    private var personOfName: [String: Int] = [:]
    private var personOfKey: [[UInt8]: Int] = [:]
    private var namesOfPerson: [Int: Set<Principal>] = [:]

    /// Texts that Unicode calls equivalent (é in one scalar or in two) are one name here, which
    /// joins too many rather than too few.
    init(holdings: [Holding]) {
        var forest = Forest()
        for holding in holdings where !holding.names.isEmpty {
            let person = personOfKey[holding.key] ?? forest.grow()
            personOfKey[holding.key] = person
            for name in holding.names {
                if let other = personOfName[name] {
                    forest.join(person, other)
                } else {
                    personOfName[name] = person
                }
            }
        }
        personOfName = personOfName.mapValues { forest.root(of: $0) }
        personOfKey = personOfKey.mapValues { forest.root(of: $0) }
        for (name, person) in personOfName {
            namesOfPerson[person, default: []].insert(Principal(name))
        }
    }

    /// Returns the given names and every other one of the persons who have them or the key.
    func names(of given: [Principal], key: [UInt8]? = nil) -> Set<Principal> {
        var found = Set(given)
        for person in given.compactMap({ personOfName[$0.text] }) {
            found.formUnion(namesOfPerson[person] ?? [])
        }
        if let person = key.flatMap({ personOfKey[$0] }) {
            found.formUnion(namesOfPerson[person] ?? [])
        }
        return found
    }
}

/// Disjoint sets of numbers.
private struct Forest {
    private var parents: [Int] = []

    mutating func grow() -> Int {
        parents.append(parents.count)
        return parents.count - 1
    }

    mutating func root(of node: Int) -> Int {
        var node = node
        while parents[node] != node {
            parents[node] = parents[parents[node]]
            node = parents[node]
        }
        return node
    }

    mutating func join(_ one: Int, _ other: Int) { parents[root(of: one)] = root(of: other) }
}
