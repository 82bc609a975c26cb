package struct ClassesPane: Sendable { package init() {} }
