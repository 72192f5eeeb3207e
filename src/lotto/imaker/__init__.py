"""The Image Maker: hears results, draws their cards, stores them and says so."""
