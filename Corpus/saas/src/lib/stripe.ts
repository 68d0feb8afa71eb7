import Stripe from "stripe";

export const stripe = new Stripe(process.env.STRIPE_SECRET_KEY!);

export const plans = {
  starter: { price: process.env.STRIPE_PRICE_STARTER!, seats: 3 },
  studio: { price: process.env.STRIPE_PRICE_STUDIO!, seats: 12 },
} as const;
