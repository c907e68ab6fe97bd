ALTER TABLE shop.orders ADD CONSTRAINT amount_is_positive CHECK (amount > 0);
