"""The store: Valkey or Redis behind the ports of the journal, the intake and the serving pointers."""
