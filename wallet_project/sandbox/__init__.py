"""An emulator of WeChat Pay v3 and of the mini-program APIs: an island that speaks only HTTP."""
