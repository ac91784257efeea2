import Testing

/// `data show` finds the datasets that a manifest names.
@Suite struct DataShowTests {
    @Test func `a foreign key into a dataset that is there is no finding`() async throws {
        try await Desk.use { desk in
            try desk.write("m/slipway.yaml", "branch: main\n")
            try desk.write("m/data/customers.csv", "id,town\n1,Kiel\n2,Jena\n")
            try desk.write("m/data/orders.csv", "customer,amount\n1,5\n2,7\n")
            for name in ["customers", "orders"] {
                let made = try await desk.slipway("dataset", "init", "data/\(name).csv", in: "m")
                #expect(made.code == 0, "\(made.errors)")
            }
            let text = try desk.text("m/datasets/orders.yaml")
            let key = "{columns: [customer], dataset: customers, references: [id]}"
            try desk.write("m/datasets/orders.yaml", text + "\nforeign_keys:\n  - \(key)\n")
            let shown = try await desk.slipway(
                "data", "show", "orders", "--html", "p.html", in: "m")
            #expect(shown.code == 0, "\(shown.errors)")
            #expect(!shown.errors.contains("broken"), "\(shown.errors)")
            let page = try desk.text("m/p.html")
            #expect(page.contains("everything is as declared"), "\(page)")

            try desk.write("m/data/customers.csv", "id,town\n1,Kiel\n")
            let moved = try await desk.slipway("dataset", "update", "customers", in: "m")
            #expect(moved.code == 0, "\(moved.errors)")
            let broken = try await desk.slipway("data", "show", "orders", in: "m")
            #expect(broken.errors.contains("1 rule broken by the data"), "\(broken.errors)")
        }
    }
}
